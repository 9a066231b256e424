package composite

import (
	"fmt"
	"math"
	"slices"
)

// Node is an indicator, or a group that is made of others (维度).
type Node struct {
	Code        string  `json:"code"`
	Name        string  `json:"name,omitempty"`
	Level       int     `json:"level"` // 1 for indicators, more for groups
	Parent      string  `json:"parent,omitempty"`
	Weight      float64 `json:"weight"`              // among those of the same parent
	Direction   int     `json:"direction,omitempty"` // 1: more is better; -1: less is; 0 counts as 1
	Unit        string  `json:"unit,omitempty"`
	Target      *Number `json:"target,omitempty"`
	Denominator string  `json:"denominator,omitempty"` // code of the column it is divided by
	Low         *Number `json:"low,omitempty"`         // goalposts, 不允许值
	High        *Number `json:"high,omitempty"`        // goalposts, 满意值
	Reference   *Number `json:"reference,omitempty"`   // 标杆值; without it the best value
}

// Number is a value that may be absent.
type Number = float64

func (n Node) sign() float64 {
	if n.Direction < 0 {
		return -1
	}
	return 1
}

// Tree is the structure of an index: indicators below groups below one root.
type Tree struct {
	Nodes []Node

	at    map[string]int
	kids  map[string][]int // by parent, in the order of Nodes
	order []int            // groups, lowest level first
}

// maxLevels bounds the depth of a tree.
const maxLevels = 10

// NewTree checks the structure: codes are unique, parents exist one level above, there is one root,
// every group has something below it, and weights are not negative.
func NewTree(nodes []Node) (*Tree, error) {
	t := &Tree{Nodes: slices.Clone(nodes), at: map[string]int{}, kids: map[string][]int{}}
	for i, n := range t.Nodes {
		if n.Code == "" {
			return nil, fmt.Errorf("node %d has no code", i+1)
		}
		if _, twice := t.at[n.Code]; twice {
			return nil, fmt.Errorf("node %q is there twice", n.Code)
		}
		if n.Level < 1 || n.Level > maxLevels {
			return nil, fmt.Errorf("node %q has level %d, not 1 to %d", n.Code, n.Level, maxLevels)
		}
		if n.Weight < 0 || math.IsNaN(n.Weight) || math.IsInf(n.Weight, 0) {
			return nil, fmt.Errorf("node %q has the weight %v", n.Code, n.Weight)
		}
		t.at[n.Code] = i
	}
	return t, t.link()
}

func (t *Tree) link() error {
	root := ""
	for i, n := range t.Nodes {
		if n.Parent == "" {
			if root != "" {
				return fmt.Errorf("both %q and %q have no parent", root, n.Code)
			}
			root = n.Code
			continue
		}
		p, ok := t.at[n.Parent]
		if !ok {
			return fmt.Errorf("parent %q of %q is not there", n.Parent, n.Code)
		}
		if t.Nodes[p].Level != n.Level+1 {
			return fmt.Errorf("parent %q of %q is not one level above it", n.Parent, n.Code)
		}
		t.kids[n.Parent] = append(t.kids[n.Parent], i)
	}
	if root == "" {
		return fmt.Errorf("there is no node without a parent")
	}
	for i, n := range t.Nodes {
		if n.Level == 1 {
			continue
		}
		if len(t.kids[n.Code]) == 0 {
			return fmt.Errorf("group %q has nothing below it", n.Code)
		}
		t.order = append(t.order, i)
	}
	slices.SortStableFunc(t.order, func(a, b int) int { return t.Nodes[a].Level - t.Nodes[b].Level })
	return nil
}

// Node returns a node by its code.
func (t *Tree) Node(code string) (Node, bool) {
	i, ok := t.at[code]
	if !ok {
		return Node{}, false
	}
	return t.Nodes[i], true
}

// Root is the code of the index itself.
func (t *Tree) Root() string {
	i := slices.IndexFunc(t.Nodes, func(n Node) bool { return n.Parent == "" })
	return t.Nodes[i].Code
}

// Indicators returns the nodes of the lowest level, in their order.
func (t *Tree) Indicators() []Node {
	var out []Node
	for _, n := range t.Nodes {
		if n.Level == 1 {
			out = append(out, n)
		}
	}
	return out
}

// Groups returns the groups, the lowest level first.
func (t *Tree) Groups() []Node {
	out := make([]Node, len(t.order))
	for i, at := range t.order {
		out[i] = t.Nodes[at]
	}
	return out
}

// Children returns what a group is made of.
func (t *Tree) Children(code string) []Node {
	var out []Node
	for _, i := range t.kids[code] {
		out = append(out, t.Nodes[i])
	}
	return out
}

// WithWeights returns the tree with other weights for the nodes that are named.
func (t *Tree) WithWeights(weights map[string]float64) (*Tree, error) {
	nodes := slices.Clone(t.Nodes)
	for i := range nodes {
		if w, ok := weights[nodes[i].Code]; ok {
			nodes[i].Weight = w
		}
	}
	return NewTree(nodes)
}

// EffectiveWeights returns what part of the index each node is, when every mean is arithmetic and
// nothing is missing: its weight among its siblings, times that of its parent.
func (t *Tree) EffectiveWeights() map[string]float64 {
	out := map[string]float64{t.Root(): 1}
	for i := len(t.order) - 1; i >= 0; i-- {
		parent := t.Nodes[t.order[i]]
		var sum float64
		for _, k := range t.Children(parent.Code) {
			sum += k.Weight
		}
		for _, k := range t.Children(parent.Code) {
			out[k.Code] = 0
			if sum > 0 {
				out[k.Code] = out[parent.Code] * k.Weight / sum
			}
		}
	}
	return out
}
