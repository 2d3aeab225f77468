Columns
    Index Status        Lower        Upper       Primal         Dual  Type        Name
        0                   0           10            4               Integer     x[1]
        1                   0           10            0               Integer     y_2
        2                  -5          inf           -2               Continuous  z
        3                   0            4            0               Continuous  w
Rows
    Index Status        Lower        Upper       Primal         Dual  Name
        0                -inf           10           10               c1
        1                 0.7          inf            2               c2

Model status: Optimal

Objective value: 19.4
