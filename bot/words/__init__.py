"""What people type after `/cost <name>`, read: one file for each command whose words mean more than flags."""
