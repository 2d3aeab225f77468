Model status
Optimal

# Primal solution values
Feasible
Objective 22.065
# Columns 4
x[1] 4.65
y_2 0
z -3.95
w 0
# Rows 2
c1 10
c2 0.7

# Dual solution values
Feasible
# Columns 4
x[1] 0
y_2 -0.7
z 0
w 0
# Rows 2
c1 2.35
c2 -2.05

# Basis
HiGHS_basis_file v2
Valid
# Columns 4
x[1] 1
y_2 0
z 1
w 0
# Rows 2
c1 2
c2 0
