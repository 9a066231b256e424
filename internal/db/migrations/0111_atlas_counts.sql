-- The map is counted from this index, whatever it is asked for: it has all that is counted of a node.

DROP INDEX atlas_node_class;
CREATE INDEX atlas_node_class ON atlas_node (class, kind, region, field, six, since_us, as_of_us, updated_us,
	lon_e7, lat_e7, id);
