/** What screen readers hear of what happens on a screen; the desk's frame holds the place where it is read. */
class Announcer {
	text = $state('');

	/** Says a sentence; the same one twice is said twice. */
	say(text: string): void {
		this.text = this.text === text ? `${text}\u00a0` : text;
	}
}

export const announcer = new Announcer();
