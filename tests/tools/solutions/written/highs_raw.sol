Model status
Optimal

# Primal solution values
Feasible
Objective 19.4
# Columns 4
x[1] 4
y_2 0
z -2
w 0
# Rows 2
c1 10
c2 2

# Dual solution values
None

# Basis
HiGHS_basis_file v2
None
