/** A photo made small before it is kept: at most 1600 px, JPEG. */
const LONGEST = 1600;

/** Width and height that keep the proportions; a small picture stays as it is. */
export function within(width: number, height: number, longest = LONGEST): [number, number] {
	const by = Math.min(1, longest / Math.max(width, height));
	return [Math.max(1, Math.round(width * by)), Math.max(1, Math.round(height * by))];
}

/** Throws where the file is no picture. */
export async function shrunk(file: Blob): Promise<ArrayBuffer> {
	const picture = await createImageBitmap(file);
	const canvas = document.createElement('canvas');
	[canvas.width, canvas.height] = within(picture.width, picture.height);
	canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
	picture.close();
	const small = await new Promise<Blob | null>((told) => canvas.toBlob(told, 'image/jpeg', 0.8));
	if (!small) throw new Error('La photo n’a pas pu être lue.');
	return small.arrayBuffer();
}
