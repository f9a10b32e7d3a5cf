import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

import { phoneFiles } from './phone-files.ts';

// A static build: one empty shell that the service answers for every address of the desk and of the phone.
// SvelteKit hides its announcer by an inline style, which our policy forbids: `base.css` does it instead.
const unstyled: Plugin = {
	name: 'announcer-without-inline-style',
	enforce: 'pre',
	transform(code, id) {
		if (!/runtime\/components\/root\.svelte$/.test(id)) return undefined;
		return code.replace(/(id="svelte-announcer"[^>]*?)\s+style="[^"]*"/, '$1');
	}
};

export default defineConfig({
	plugins: [
		unstyled,
		sveltekit({
			adapter: adapter({
				pages: '../api/static',
				assets: '../api/static',
				fallback: 'app.html',
				precompress: true
			}),
			serviceWorker: { register: false }, // the phone's part registers it, for its own addresses only
			version: { pollInterval: 0 }
		}),
		phoneFiles()
	],
	server: { proxy: { '^/(api|static|connexion|deconnexion|mon-compte)': 'http://127.0.0.1:8045' } },
	build: { target: 'es2022' },
	test: {
		environment: 'happy-dom',
		include: ['src/**/*.test.ts'],
		expect: { requireAssertions: true }
	}
});
