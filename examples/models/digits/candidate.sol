Model status
Optimal

# Primal solution values
Feasible
Objective 574
# Columns 4
red_1 5
red_0 7
blue_1 3
blue_0 5
# Rows 2
weight 999
volume 298

# Dual solution values
None

# Basis
HiGHS_basis_file v2
None
