module ocrbankcard

go 1.26
