/** The desk's screens, in the order of its bar. */
export interface Section {
	href: string;
	name: string;
}

export const SECTIONS: Section[] = [
	{ href: '/bureau', name: 'Aujourd’hui' },
	{ href: '/bureau/semaine', name: 'Semaine' },
	{ href: '/bureau/calendrier', name: 'Calendrier' },
	{ href: '/bureau/comparer', name: 'Comparer' },
	{ href: '/bureau/rapports', name: 'Rapports' },
	{ href: '/bureau/reseau', name: 'Réseau' },
	{ href: '/bureau/messages', name: 'Messages' }
];

/** Whether an address belongs to a section; the first holds only its own. */
export function within(section: Section, path: string): boolean {
	const here = path.replace(/\/$/, '');
	return section.href === '/bureau'
		? here === '/bureau'
		: here === section.href || here.startsWith(`${section.href}/`);
}
