"""What storage needs and what it costs elsewhere: loads of volumes, classes of S3, lifecycle rules."""
