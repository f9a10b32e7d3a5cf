/** Writes down at each build which files the driver's phone needs, for its service worker to keep. */
import type { Plugin, Rollup } from 'vite';

const LIST = '_app/tournee.json';
const ALSO = ['_app/navette.svg', '_app/navette-192.png'];
const ROOTS = [/\/entry\/(start|app|payload)\./, /\/nodes\/[01]\./]; // the shell, its frame, its page of errors

export function phoneFiles(): Plugin {
	return {
		name: 'navette-phone-files',
		apply: 'build',
		generateBundle: {
			order: 'post',
			handler(_options, bundle) {
				if (this.environment.name !== 'client') return;
				const chunks = new Map(Object.entries(bundle));
				const roots = [...chunks.values()].filter((one) => one.type === 'chunk' && isRoot(one));
				const names = [...closure(chunks, roots as Rollup.OutputChunk[]), ...ALSO].toSorted();
				const source = JSON.stringify(names.map((name) => `/${name}`));
				this.emitFile({ type: 'asset', fileName: LIST, source });
			}
		}
	};
}

function isRoot(chunk: Rollup.OutputChunk): boolean {
	const ours = [chunk.facadeModuleId ?? '', ...chunk.moduleIds];
	return ROOTS.some((root) => root.test(chunk.fileName)) || ours.some((id) => isPhone(id));
}

const isPhone = (id: string) => id.includes('/routes/tournee/');

/** What these import, whatever they load on demand (the shell's own on-demand list is of all screens), their styles. */
function closure(
	chunks: Map<string, Rollup.OutputAsset | Rollup.OutputChunk>,
	roots: Rollup.OutputChunk[]
): Set<string> {
	const found = new Set<string>();
	const todo = [...roots];
	for (let chunk = todo.pop(); chunk; chunk = todo.pop()) {
		if (found.has(chunk.fileName)) continue;
		found.add(chunk.fileName);
		const lazy = chunk.moduleIds.some(isPhone) ? chunk.dynamicImports : [];
		for (const name of [...chunk.imports, ...lazy]) {
			const next = chunks.get(name);
			if (next?.type === 'chunk') todo.push(next);
		}
		for (const name of chunk.viteMetadata?.importedCss ?? []) found.add(name);
		for (const name of chunk.viteMetadata?.importedAssets ?? [])
			if (/latin-wght|latin-ext-wght/.test(name) || !/\.woff2?$/.test(name)) found.add(name);
	}
	for (const name of chunks.keys()) if (/inter-latin(-ext)?-wght/.test(name)) found.add(name);
	return found;
}
