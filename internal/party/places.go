package party

import "github.com/yuntu-city/yuntu/internal/region"

// PlaceReader reads places as people write them in tables: a code, a name, a name behind its city.
type PlaceReader struct{ names *gazetteer }

// ReadPlaces returns a reader of the places that the dictionary has now.
func ReadPlaces(c Codes) PlaceReader { return PlaceReader{newGazetteer(c)} }

// Read returns the place a text stands for, or what is wrong with it: a key of package i18n and its
// arguments.
func (r PlaceReader) Read(text string) (place region.Code, key string, args []any) {
	code, key, args := r.names.region(text)
	return region.Code(code), key, args
}
