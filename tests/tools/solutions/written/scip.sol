objective value:                                 19.4
x[1]                                                4 	(obj:5)
z                                                  -2 	(obj:0.3)
