import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';

export default ts.config(
	...ts.configs.strict,
	...svelte.configs.recommended,
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		languageOptions: { parserOptions: { parser: ts.parser } }
	},
	{
		rules: {
			'svelte/no-navigation-without-resolve': 'off', // addresses are plain: the app stands at the root
			'svelte/prefer-svelte-reactivity': 'off', // local Map, Set and Date are values, not state
			'@typescript-eslint/no-non-null-assertion': 'error'
		}
	},
	{ ignores: ['.svelte-kit/', 'node_modules/', 'src/lib/api/schema.d.ts'] }
);
