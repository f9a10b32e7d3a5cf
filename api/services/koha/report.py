"""For a Koha without transfers in its API: the report to save there, whose CSV Navette reads as it comes."""

REPORT_SQL = """\
SELECT t.branchtransfer_id, i.barcode, b.title, t.frombranch, t.tobranch,
       t.daterequested, t.datesent, t.datearrived, t.datecancelled, t.reason
FROM branchtransfers t
JOIN items i ON i.itemnumber = t.itemnumber
JOIN biblio b ON b.biblionumber = i.biblionumber
WHERE t.datearrived IS NULL AND t.datecancelled IS NULL
ORDER BY t.branchtransfer_id
"""
HOW_TO = (
    "Dans Koha : Rapports, Créer à partir de SQL, collez ce texte, exécutez, téléchargez en CSV, "
    "puis importez le fichier ici. Les titres des colonnes sont reconnus d'eux-mêmes."
)
