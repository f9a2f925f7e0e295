// Correlate
