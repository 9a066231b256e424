package studio

import (
	"context"
	"strings"

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
	// Fill takes what the period lacks from the same period of other years: one of FillWays, "" does not.
	Fill      string `json:"fill,omitempty"`
	FillYears int64  `json:"fillYears,omitempty"` // at most so many years away, 0 = UsualFillYears
	Key       string `json:"-"`
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
	if in.Fill != "" {
		f.choice("fill", in.Fill, FillWays())
		f.between("fillYears", in.FillYears, 0, MaxFillYears)
	}
	if err := f.err(); err != nil {
		return Dataset{}, err
	}
	c, left, err := s.opt.Source.Draw(ctx, by, in.Set, in.Period)
	if err != nil {
		return Dataset{}, err
	}
	filled, err := s.drawnYears(ctx, by, in, &c)
	if err != nil {
		return Dataset{}, err
	}
	in.Note = strings.TrimSpace(in.Note + "\n" + filledNote(&c, filled))
	if r := []rune(in.Note); len(r) > MaxProse {
		in.Note = string(r[:MaxProse])
	}
	if len(left) > 0 {
		in.Note = strings.TrimSpace(in.Note + "\n" + leftOutWord + strings.Join(left, "、"))
		if r := []rune(in.Note); len(r) > MaxProse {
			in.Note = string(r[:MaxProse])
		}
	}
	d, err := s.CreateDataset(ctx, by, NewDataset{DatasetData: in.DatasetData, Content: c, Origin: "live", Key: in.Key})
	if e, ok := fault.As(err); ok && e.Kind == fault.Invalid && len(e.Fields) > 0 {
		return d, fault.Fields(fault.At("offer", e.Fields[0].Key, e.Fields[0].Args...))
	}
	return d, err
}
