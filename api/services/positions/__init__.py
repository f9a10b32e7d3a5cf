"""Where vans are, told by phones while their round runs, and never otherwise."""
