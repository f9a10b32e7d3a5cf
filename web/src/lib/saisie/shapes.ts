/** What crosses the network while a sheet is keyed in, under shorter names. */
export type {
	KeyedVisitIn as Block,
	SayingOut as Saying,
	SheetOut as Sheet,
	SheetVisitOut as SheetVisit,
	SquareOut
} from '#lib/api/schema.d.ts';
