/** Opening hours as the network writes them (OpenStreetMap's spelling) → as people say them. */
const DAYS: Record<string, string> = {
	Mo: 'lundi',
	Tu: 'mardi',
	We: 'mercredi',
	Th: 'jeudi',
	Fr: 'vendredi',
	Sa: 'samedi',
	Su: 'dimanche'
};

/** « lundi à vendredi 8 h 15 – 12 h 15 », « sauf jours fériés ». What is not understood stays as written. */
export function hoursInWords(written: string): string {
	return written
		.replace(/PH off/g, 'sauf jours fériés')
		.replace(/\b(Mo|Tu|We|Th|Fr|Sa|Su)-(?=Mo|Tu|We|Th|Fr|Sa|Su)/g, '$1 à ')
		.replace(/\b(Mo|Tu|We|Th|Fr|Sa|Su)\b/g, (day) => DAYS[day] ?? day)
		.replace(/(\d\d:\d\d)-(\d\d:\d\d)/g, '$1 – $2')
		.replace(/(\d\d):(\d\d)/g, (_, hours: string, minutes: string) => said(hours, minutes))
		.replace(/,(?=\S)/g, ', ')
		.replace(/;/g, '\u202f;');
}

function said(hours: string, minutes: string): string {
	return `${Number(hours)}\u00a0h${minutes === '00' ? '' : `\u00a0${minutes}`}`;
}
