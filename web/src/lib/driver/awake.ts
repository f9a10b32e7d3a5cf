/** The screen stays on while the round runs, where the phone can do so; asked again each time the page is seen. */
let held: WakeLockSentinel | null = null;

export async function keepAwake(wanted: boolean): Promise<void> {
	if (!wanted) {
		await held?.release().catch(() => undefined);
		held = null;
	} else if ('wakeLock' in navigator && document.visibilityState === 'visible' && (!held || held.released))
		held = await navigator.wakeLock.request('screen').catch(() => null); // low battery: the phone says no
}
