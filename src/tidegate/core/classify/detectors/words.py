"""Word lists that several tables share, as RE2 alternatives."""

MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|janv|f\xc3\xa9v|mars|avr|mai|juin|juil|ao\xc3\xbb|okt|dez|m\xc3\xa4r|ene|abr|ago|dic|gen|mag|giu|lug|set|ott"
