Model status
Optimal

# Primal solution values
Feasible
Objective 19.4
# Columns -2
x[1] 4 0
z -2 2
