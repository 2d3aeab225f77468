Columns
    Index Status        Lower        Upper       Primal         Dual  Name
        0     BS            0           10         4.65           -0  x[1]
        1     LB            0           10            0         -0.7  y_2
        2     BS           -5          inf        -3.95           -0  z
        3     LB            0            4            0           -0  w
Rows
    Index Status        Lower        Upper       Primal         Dual  Name
        0     UB         -inf           10           10         2.35  c1
        1     LB          0.7          inf          0.7        -2.05  c2

Model status: Optimal

Objective value: 22.065
