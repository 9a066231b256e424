package app

import "github.com/yuntu-city/yuntu/internal/identity"

// Option changes how a house is put together, where that is no setting of an operator.
type Option func(*App)

// WithPasswordCost hashes passwords at another cost than identity.UsualCost. Tests that fill whole cities
// take a low one; an operator cannot.
func WithPasswordCost(c identity.Cost) Option { return func(a *App) { a.hashCost = c } }
