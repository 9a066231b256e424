// Package geojson reads the outlines of districts from GeoJSON (RFC 7946) that comes from anywhere,
// leaves out what a drawing does not show, and turns them into paths of SVG.
//
// Neighbours stay neighbours: a line that two outlines share is simplified once, so no gaps open
// between them (Simplify). The projection is equirectangular around the middle of the drawing: for a
// city its error of shape is below what a line of one pixel shows.
//
// Everything is bounded (Limits). What it does not check is said in Read.
package geojson
