// Package process runs life cycles (流程): every need, contract, voucher or review moves through its
// states by one engine, from one table of steps.
//
// A module states a life cycle once, as a Def. New refuses a table that cannot be meant: a state
// nobody can reach, a state nobody can leave that is not marked final, a loop without an end, a
// step that names what does not exist. The rest follows from the table: Fire moves an object,
// Available says which buttons a person has and why the others are off, Markdown draws the
// diagram, and processtest fires every state × step × role.
//
// What Fire promises, in one transaction of unit.Write: the actor may do it, the reason and files
// that the step needs are there, the guard agrees, nobody else moved or changed the object
// meanwhile, and the history, the time limits and the audit trail say the same as the row. A state
// column that was changed by anything but Fire is found at the next step and refused.
//
// Time limits (时限) belong to states, not to steps: a Clock runs while the object is in some
// states, stands still in others (补正, 专家评审), and ends with any other. So no step can forget
// to stop or to resume it. A running clock always has a named owner; Escalate hands an overdue one
// up, and says so in the history and to the outbox.
package process
