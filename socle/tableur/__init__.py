"""Spreadsheet files, within limits: CSV and XLSX are read, XLSX and ODS written."""
