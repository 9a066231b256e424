// Package authz decides who may see and do what.
//
// One grants table answers for read, write, search, count, export and notice: Policy.May asks it
// about one object, Policy.Scope turns the same rows into a condition for lists. Whatever is not
// granted is denied. A removal (such as a conflict of interest, 回避) takes a granted action away
// again and always wins.
//
// The property "Scope lists exactly what May allows" is proved for each policy by
// authztest.ScopeEqualsMay on both databases.
package authz
