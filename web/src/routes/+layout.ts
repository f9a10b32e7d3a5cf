export const ssr = false; // an empty shell is answered for every address; screens are drawn where they are read
export const prerender = false;
export const trailingSlash = 'ignore';
