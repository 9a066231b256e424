package series

import "math/big"

// RootDigits is how many significant digits a root has that is not exact, correctly rounded.
const RootDigits = 30

// Root is the n-th root of a positive number: exact when it is a ratio, else rounded half up to
// RootDigits significant digits. n is at least 1.
func Root(x *big.Rat, n int) (root *big.Rat, exact bool) {
	num, okNum := wholeRoot(x.Num(), n)
	den, okDen := wholeRoot(x.Denom(), n)
	if okNum && okDen {
		return new(big.Rat).SetFrac(num, den), true
	}
	// Scale x by 10^(n·k) so that its root has RootDigits digits before the point.
	k := 0
	for scaled(x, n, k).Cmp(pow10(RootDigits-1)) < 0 {
		k += max(1, RootDigits-digits10(scaled(x, n, k)))
	}
	for scaled(x, n, k).Cmp(pow10(RootDigits)) >= 0 {
		k--
	}
	q := scaled(x, n, k)
	// q is the root rounded down. It goes up when (q + 1/2)^n ≤ x·10^(n·k).
	half := new(big.Rat).SetFrac(new(big.Int).Add(new(big.Int).Lsh(q, 1), big.NewInt(1)), big.NewInt(2))
	if power(half, n).Cmp(shifted(x, n*k)) <= 0 {
		q.Add(q, big.NewInt(1))
	}
	return shifted(new(big.Rat).SetInt(q), -k), false
}

// scaled is the root of x·10^(n·k), rounded down.
func scaled(x *big.Rat, n, k int) *big.Int {
	s := shifted(x, n*k)
	root, _ := wholeRoot(new(big.Int).Quo(s.Num(), s.Denom()), n)
	return root
}

// shifted is x·10^k.
func shifted(x *big.Rat, k int) *big.Rat {
	p := new(big.Rat).SetInt(pow10(max(k, -k)))
	if k < 0 {
		return p.Quo(x, p)
	}
	return p.Mul(x, p)
}

func pow10(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

func digits10(x *big.Int) int { return len(x.String()) }

// wholeRoot is the n-th root of a whole number that is not negative, rounded down, and whether it is
// exact. It is Newton's method from above, which ends when it no longer falls.
func wholeRoot(x *big.Int, n int) (*big.Int, bool) {
	if x.Sign() == 0 || n == 1 {
		return new(big.Int).Set(x), true
	}
	m := big.NewInt(int64(n))
	less := big.NewInt(int64(n - 1))
	y := new(big.Int).Lsh(big.NewInt(1), uint((x.BitLen()+n-1)/n)) // not below the root
	for {
		next := new(big.Int).Exp(y, less, nil)
		next.Quo(x, next)
		next.Add(next, new(big.Int).Mul(less, y)).Quo(next, m)
		if next.Cmp(y) >= 0 {
			break
		}
		y = next
	}
	return y, new(big.Int).Exp(y, m, nil).Cmp(x) == 0
}

// Round is x to n decimals. A half goes away from zero (四舍五入), or to the even digit when even
// (GB/T 8170 修约).
func Round(x *big.Rat, n int, even bool) *big.Rat {
	s := shifted(x, n)
	q, rest := new(big.Int).QuoRem(s.Num(), s.Denom(), new(big.Int)) // towards zero
	twice := new(big.Int).Lsh(rest.Abs(rest), 1)
	if c := twice.Cmp(s.Denom()); c > 0 || c == 0 && (!even || q.Bit(0) == 1) {
		q.Add(q, big.NewInt(int64(s.Sign())))
	}
	return shifted(new(big.Rat).SetInt(q), -n)
}

// power is x to the n-th; n is not negative.
func power(x *big.Rat, n int) *big.Rat {
	m := big.NewInt(int64(n))
	return new(big.Rat).SetFrac(new(big.Int).Exp(x.Num(), m, nil), new(big.Int).Exp(x.Denom(), m, nil))
}
