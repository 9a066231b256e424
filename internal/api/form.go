package api

import (
	"maps"
	"mime/multipart"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// FormField is a field of the form (multipart/form-data) that an operation takes as its RawBody. As in JSON, a
// field that no FormField names is refused; what the fields hold is for the use case to judge.
type FormField struct {
	Name   string
	Doc    string   // English, for the description
	File   bool     // a file instead of a text
	Many   bool     // may come several times
	Needed bool     // the use case refuses a form without it
	OneOf  []string // of a text: the values there are
}

// formSchema describes a form.
func formSchema(fields []FormField) *huma.Schema {
	form := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{}, AdditionalProperties: false}
	for _, f := range fields {
		one := &huma.Schema{Type: huma.TypeString, Description: f.Doc}
		if f.File {
			one.Format = "binary"
		}
		for _, v := range f.OneOf {
			one.Enum = append(one.Enum, v)
		}
		if f.Many {
			one = &huma.Schema{Type: huma.TypeArray, Items: one, Description: f.Doc}
			one.Items.Description = ""
		}
		form.Properties[f.Name] = one
		if f.Needed {
			form.Required = append(form.Required, f.Name)
		}
	}
	return form
}

// strangers says of each field of a form that the operation does not take that there is none, in the order of
// the names. A file under the name of a text is a stranger, and the other way round.
func strangers(form *multipart.Form, fields []FormField) (wrong []error) {
	refuse := func(name string, file bool) {
		known := slices.ContainsFunc(fields, func(f FormField) bool { return f.Name == name && f.File == file })
		if !known {
			wrong = append(wrong, fault.Fields(fault.At(name, "没有这个字段")))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(form.Value)) {
		refuse(name, false)
	}
	for _, name := range slices.Sorted(maps.Keys(form.File)) {
		refuse(name, true)
	}
	return wrong
}
