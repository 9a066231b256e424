package dict

import (
	"embed"
	"encoding/csv"
	"fmt"
	"strings"
)

//go:embed data/*.csv
var files embed.FS

// shippedItems reads the items of a shipped edition. The file has the columns code, parent, name
// and kind, parents before their children.
func shippedItems(file string) ([]Item, error) {
	text, err := files.ReadFile("data/" + file)
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	items := make([]Item, 0, len(rows)-1)
	for _, row := range rows[1:] {
		items = append(items, Item{Code: row[0], Parent: row[1], Name: row[2], Kind: Kind(row[3])})
	}
	return items, nil
}
