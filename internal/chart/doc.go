// Package chart draws figures as HTML and SVG, without a chart library.
//
// A chart is, in order of preference, a table with a bar or a tint in its cells (BarTable,
// HeatTable), then lines or stacked bars (Plot). Marks live in a box of 100 × 100 that stretches
// with the page; every label is HTML around it, so text never scales. Bars are <rect width>,
// because the content security policy allows no style attributes. Each Figure carries the same
// numbers as a table, its unit, its source and its cut-off date.
//
// House rules: the title is the question or the finding; bars start at zero; at most MaxLines
// lines and MaxStacks stacks; a missing value is a gap, written 未报, never 0; a target is a thin
// mark, never a gauge; no pie, no second axis.
package chart
