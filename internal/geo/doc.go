// Package geo draws maps and networks as SVG, without a map library.
//
// A map is the outlines that an operator brought in, with their approval number (审图号) below, or a tile
// cartogram (Tiles): one square for each district, roughly where it lies. The program ships no real
// boundaries. Classes are quantiles (chart.Classes) whose limits stand in the legend; a place without
// data is hatched, never white; the value of each place is a text on it and a link to its list. The same
// numbers stand beside as a table: the drawing is hidden from nobody and needed by nobody.
//
// A network is drawn in rings around its centre. The layout is computed from the nodes alone, so the
// same network always looks the same.
package geo
