"""The parts of the reading of PDFs, in the order that a page takes through them (see ingest/extract/pdf.py).

pdfium → pdf_file → glyphs → lines → furniture → columns, tables → paragraphs → notes, headings, lists → noise.
"""
