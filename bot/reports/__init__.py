"""Weekly and monthly reports: each section a file that makes it of what is stored; AWS is never asked."""
