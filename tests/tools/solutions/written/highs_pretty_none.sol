Columns
    Index Status        Lower        Upper       Primal         Dual  Type        Name
        0                   3            2                            Integer     x[1]
        1                   0           10                            Integer     y_2
        2                  -5          inf                            Continuous  z
        3                   0            4                            Continuous  w
Rows
    Index Status        Lower        Upper       Primal         Dual  Name
        0                -inf           10                            c1
        1                 0.7          inf                            c2

Model status: Infeasible

Objective value: 0
