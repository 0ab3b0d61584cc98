namespace FlowKit;

/// <summary><c>$geo_radius</c>: a place, as <c>{"lat": 59.9, "lon": 10.7}</c>, that is not farther away than a radius.</summary>
/// <param name="path">The field that holds the place.</param>
/// <param name="center">The center of the circle.</param>
/// <param name="radius">The radius in metres.</param>
internal sealed class GeoCondition(FieldPath path, GeoPoint center, double radius) : ConditionNode
{
    /// <inheritdoc/>
    public override IEnumerable<FieldPath> Paths => [path];

    /// <inheritdoc/>
    public override bool Holds(Document document) => Holds(path.Read(document));

    /// <inheritdoc/>
    public override RowSet Select(DocumentColumns columns, int rows) => columns.Of(path).Select(rows, Holds);

    private bool Holds(FieldValue value) => GeoPoint.Of(value.AsJson) is { } place && center.DistanceTo(place) <= radius;
}
