"""What can be searched: the catalogue, the documents and the store. Depends on no other room."""
