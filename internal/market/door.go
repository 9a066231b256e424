package market

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
)

// Wrong says what is wrong with what was written of a post, at its fields, as CreatePost would; nil
// when nothing is. A form asks it together with what it could not read, so that people hear all of
// it at once. Organisations and places are looked up by CreatePost only.
func Wrong(d PostData) error {
	d.normalise()
	var f faults
	d.check(&f)
	classified(&f, d)
	return f.err()
}

// Lacking says what is still missing before the bureau looks at a post, at its fields; nil when
// nothing is.
func Lacking(d PostData) error {
	d.normalise()
	var f faults
	d.lacks(&f)
	return f.err()
}

// ExportPosts returns a page of the posts of a list that the actor may take along as a file.
func (s *Service) ExportPosts(
	ctx context.Context, by authz.Actor, f PostFilter, order string, p db.PageReq,
) (db.Page[Post], error) {
	q := s.unit.DB()
	w := s.postScope(by, f, order).AndAll(PostPolicy.Scope(by, ActPostExport))
	page, err := db.List(ctx, q, postList, w, postList.Order(order), p, scanPost)
	if err != nil {
		return page, err
	}
	if err := fillReaders(ctx, q, page.Items, by.Org); err != nil {
		return page, err
	}
	for i := range page.Items {
		page.Items[i] = page.Items[i].seenBy(by)
	}
	return page, nil
}
