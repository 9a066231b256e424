package studio

import (
	"context"

	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// ListOffers returns what datasets can be drawn from the numbers of the house.
func (s *Service) ListOffers(ctx context.Context, by authz.Actor) ([]Offer, error) {
	if err := DatasetPolicy.May(by, ActDatasetMake, Dataset{}); err != nil {
		return nil, err
	}
	if s.opt.Source == nil {
		return nil, nil
	}
	return s.opt.Source.Offers(ctx, by)
}

// Live is the input of DrawDataset.
type Live struct {
	DatasetData
	Set    string `json:"set"`
	Period string `json:"period"`
	Taking
	Key string `json:"-"`
}

// DrawDataset keeps the values that the house has of a set of indicators at a period as a dataset. What is
// corrected there afterwards changes nothing here: draw again for that.
func (s *Service) DrawDataset(ctx context.Context, by authz.Actor, in Live) (Dataset, error) {
	if err := DatasetPolicy.May(by, ActDatasetMake, Dataset{}); err != nil {
		return Dataset{}, err
	}
	var f faults
	in.check(&f)
	if s.opt.Source == nil || in.Set == "" || in.Period == "" {
		f.add("offer", "请选择一项")
	}
	in.checkTaking(&f)
	if err := f.err(); err != nil {
		return Dataset{}, err
	}
	c, left, err := s.opt.Source.Draw(ctx, by, in.Set, in.Period)
	if err != nil {
		return Dataset{}, err
	}
	others, err := s.drawnYears(ctx, by, in, &c)
	if err != nil {
		return Dataset{}, err
	}
	c.Left = left
	d, err := s.CreateDataset(ctx, by, NewDataset{DatasetData: in.DatasetData, Content: c, Taking: in.Taking,
		Years: others, Origin: "live", Key: in.Key, year: int64(series.Period(in.Period).Year())})
	if e, ok := fault.As(err); ok && e.Kind == fault.Invalid && len(e.Fields) > 0 {
		return d, fault.Fields(fault.At("offer", e.Fields[0].Key, e.Fields[0].Args...))
	}
	return d, err
}
