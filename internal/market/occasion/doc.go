// Package occasion holds what the rooms of the market's occasions (show, auction, appraise) share:
// checking what people type, and the codes of their records.
package occasion
