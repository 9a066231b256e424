package formula

import (
	"math/big"
	"strconv"
)

// Limits of a formula's tree.
const (
	MaxDepth = 40
	MaxArgs  = 40
	MaxPower = 20    // exponent
	MaxLag   = 240   // periods or years that a function over time looks back
	MaxCost  = 20000 // values that a formula asks for, its functions over time multiplied out
)

// Parse reads a formula.
func Parse(src string) (*Expr, *Error) {
	tokens, err := scan(src)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens}
	root, err := p.expr(0)
	if err != nil {
		return nil, err
	}
	if t := p.peek(); t.class != end {
		return nil, fail(t.from, t.to, "rest", t.text)
	}
	if root.op == opText {
		return nil, fail(root.from, root.to, "text", root.text)
	}
	return &Expr{src, root}, nil
}

// parser reads tokens by the strength of operators.
type parser struct {
	tokens []token
	at     int
	depth  int
}

func (p *parser) peek() token { return p.tokens[p.at] }

func (p *parser) next() token {
	t := p.tokens[p.at]
	if t.class != end {
		p.at++
	}
	return t
}

// is reports whether the next token is a mark, and moves behind it.
func (p *parser) is(text string) bool {
	if t := p.peek(); t.class == mark && t.text == text {
		p.at++
		return true
	}
	return false
}

// infix is an operator between two operands: a stronger one binds first.
type infix struct {
	op       op
	strength int
}

const (
	strengthOr = iota + 1
	strengthAnd
	strengthNot
	strengthCompare
	strengthSum
	strengthProduct
	strengthSign
	strengthPower
)

var infixes = map[string]infix{
	"||": {opOr, strengthOr}, "or": {opOr, strengthOr}, "或": {opOr, strengthOr},
	"&&": {opAnd, strengthAnd}, "and": {opAnd, strengthAnd}, "且": {opAnd, strengthAnd},
	"<": {opCompare, strengthCompare}, "<=": {opCompare, strengthCompare},
	">": {opCompare, strengthCompare}, ">=": {opCompare, strengthCompare},
	"==": {opCompare, strengthCompare}, "!=": {opCompare, strengthCompare},
	"+": {opAdd, strengthSum}, "-": {opSub, strengthSum},
	"*": {opMul, strengthProduct}, "/": {opDiv, strengthProduct},
	"^": {opPow, strengthPower},
}

// expr reads an expression whose operators are stronger than strength.
func (p *parser) expr(strength int) (*node, *Error) {
	if p.depth++; p.depth > MaxDepth {
		t := p.peek()
		return nil, fail(t.from, t.to, "deep", itoa(MaxDepth))
	}
	defer func() { p.depth-- }()
	left, err := p.prefix()
	if err != nil {
		return nil, err
	}
	for {
		t := p.peek()
		in, ok := infixes[t.text]
		if !ok || t.class != mark && t.class != word || in.strength <= strength {
			return left, nil
		}
		p.at++
		if left, err = p.operator(left, t, in); err != nil {
			return nil, err
		}
	}
}

func (p *parser) operator(left *node, t token, in infix) (*node, *Error) {
	if in.op == opPow {
		return p.power(left, t)
	}
	right, err := p.expr(in.strength)
	if err != nil {
		return nil, err
	}
	if t := p.peek(); in.op == opCompare && t.class == mark && infixes[t.text].op == opCompare {
		return nil, fail(t.from, t.to, "chain")
	}
	return made(&node{op: in.op, from: left.from, to: right.to, text: t.text, args: []*node{left, right}})
}

// power reads a whole exponent, with a sign.
func (p *parser) power(left *node, t token) (*node, *Error) {
	sign := 1
	if p.is("-") {
		sign = -1
	}
	exponent := p.next()
	n, err := strconv.Atoi(exponent.text)
	if exponent.class != number || exponent.unit != "" || err != nil || n > MaxPower {
		return nil, fail(exponent.from, max(exponent.to, exponent.from), "power", itoa(MaxPower))
	}
	return made(&node{op: opPow, from: left.from, to: exponent.to, n: sign * n, args: []*node{left}})
}

// prefix reads an operand.
func (p *parser) prefix() (*node, *Error) {
	t := p.next()
	switch {
	case t.class == number:
		x, _ := new(big.Rat).SetString(t.text)
		unit, _ := ParseUnit(t.unit)
		return made(&node{op: opNumber, from: t.from, to: t.to, value: x, unit: unit})
	case t.class == quoted:
		return made(&node{op: opName, from: t.from, to: t.to, text: t.text})
	case t.class == text:
		return made(&node{op: opText, from: t.from, to: t.to, text: t.text})
	case t.class == word:
		return p.word(t)
	case t.class == mark && t.text == "(":
		inner, err := p.expr(0)
		if err != nil {
			return nil, err
		}
		if !p.is(")") {
			return nil, fail(t.from, t.to, "bracket")
		}
		return inner, nil
	case t.class == mark && t.text == "-":
		return p.unary(t, opNegate, strengthSign)
	case t.class == mark && t.text == "!":
		return p.unary(t, opNot, strengthNot)
	case t.class == end:
		return nil, fail(t.from, t.to, "end")
	}
	return nil, fail(t.from, t.to, "operand", t.text)
}

func (p *parser) unary(t token, o op, strength int) (*node, *Error) {
	x, err := p.expr(strength)
	if err != nil {
		return nil, err
	}
	return made(&node{op: o, from: t.from, to: x.to, args: []*node{x}})
}

// word reads a name, a call or a word of the language.
func (p *parser) word(t token) (*node, *Error) {
	if p.peek().class == mark && p.peek().text == "(" && t.text != "not" && t.text != "非" {
		return p.call(t)
	}
	switch t.text {
	case "true", "真":
		return made(&node{op: opBool, from: t.from, to: t.to, truth: true})
	case "false", "假":
		return made(&node{op: opBool, from: t.from, to: t.to})
	case "missing", "缺失":
		return made(&node{op: opMissing, from: t.from, to: t.to})
	case "not", "非":
		return p.unary(t, opNot, strengthNot)
	}
	if _, ok := infixes[t.text]; ok {
		return nil, fail(t.from, t.to, "operand", t.text)
	}
	return made(&node{op: opName, from: t.from, to: t.to, text: t.text})
}

// call reads the arguments of a function.
func (p *parser) call(t token) (*node, *Error) {
	fn, ok := functions[t.text]
	if !ok {
		return nil, fail(t.from, t.to, "function", t.text)
	}
	p.next()
	n := &node{op: opCall, from: t.from, fn: fn, text: t.text}
	for !p.is(")") {
		if len(n.args) > 0 && !p.is(",") {
			at := p.peek()
			return nil, fail(at.from, at.to, "comma", t.text)
		}
		if len(n.args) == MaxArgs {
			return nil, fail(t.from, t.to, "args.max", t.text, itoa(MaxArgs))
		}
		arg, err := p.expr(0)
		if err != nil {
			return nil, err
		}
		n.args = append(n.args, arg)
	}
	n.to = p.tokens[p.at-1].to
	if len(n.args) < fn.least || len(n.args) > fn.most {
		return nil, fail(n.from, n.to, "args", t.text, fn.usage)
	}
	if fn.counts > 0 {
		last := n.args[len(n.args)-1]
		count, ok := literalCount(last)
		if !ok || count < fn.from || count > fn.counts {
			return nil, fail(last.from, last.to, "count", t.text, itoa(fn.from), itoa(fn.counts))
		}
		n.n, n.args = count, n.args[:len(n.args)-1]
	}
	return made(n)
}

// literalCount is the whole number that a node is written as.
func literalCount(n *node) (int, bool) {
	if n.op != opNumber || len(n.unit.factors) > 0 || !n.value.IsInt() || !n.value.Num().IsInt64() {
		return 0, false
	}
	return int(n.value.Num().Int64()), n.value.Num().BitLen() < 20
}

// made finishes a node: only texts may not stand anywhere, and its work is bounded.
func made(n *node) (*node, *Error) {
	n.cost = 1
	for i, a := range n.args {
		if a.op == opText && (n.op != opCall || i != n.fn.text-1) {
			return nil, fail(a.from, a.to, "text", a.text)
		}
		n.cost += a.cost
	}
	if n.op == opCall {
		if at := n.fn.text; at > 0 && n.args[at-1].op != opText {
			return nil, fail(n.args[at-1].from, n.args[at-1].to, "text.want", n.text, n.fn.usage)
		}
		if n.fn.work != nil {
			n.cost *= n.fn.work(n)
		}
	}
	if n.cost > MaxCost {
		return nil, fail(n.from, n.to, "work", itoa(MaxCost))
	}
	return n, nil
}

func itoa(n int) string { return strconv.Itoa(n) }
