package demo

import (
	"context"
	"fmt"

	"github.com/yuntu-city/yuntu/internal/atlas"
)

// views saves the sub-systems of clusters (战略性新兴产业集群创新生态子系统).
func (c *city) views(ctx context.Context) error {
	for _, v := range clusterViews {
		in := atlas.ViewInput{ViewData: atlas.ViewData{Name: v.name, Cluster: v.cluster, Lead: v.lead, Query: v.query,
			Public: true}}
		if _, err := c.Atlas.CreateView(ctx, c.officer(), in); err != nil {
			return fmt.Errorf("%s: %w", v.name, err)
		}
	}
	return nil
}
