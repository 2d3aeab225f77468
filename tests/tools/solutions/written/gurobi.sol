# Solution for model m
# Objective value = 19.4
x[1] 4
y_2 0
z -2
w 0
