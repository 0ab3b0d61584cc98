using System.Text.Json.Nodes;

namespace FlowKit;

/// <summary>A place on the earth.</summary>
/// <param name="Latitude">Degrees north, -90 to 90.</param>
/// <param name="Longitude">Degrees east, -180 to 180.</param>
internal readonly record struct GeoPoint(double Latitude, double Longitude)
{
    // The mean radius of the earth in metres (IUGG).
    private const double EarthRadius = 6_371_008.8;

    /// <summary>Reads <c>{"lat": 59.9, "lon": 10.7}</c>; <see langword="null"/> when it is no place.</summary>
    public static GeoPoint? Of(JsonNode? node)
    {
        if (node is not JsonObject place)
        {
            return null;
        }

        var (latitude, longitude) = (FieldValue.Of(place["lat"]), FieldValue.Of(place["lon"]));
        return latitude is { Kind: FieldKind.Number, AsNumber: >= -90 and <= 90 }
            && longitude is { Kind: FieldKind.Number, AsNumber: >= -180 and <= 180 }
            ? new GeoPoint(latitude.AsNumber, longitude.AsNumber)
            : null;
    }

    /// <summary>The distance along the surface of a sphere, in metres (haversine).</summary>
    public double DistanceTo(GeoPoint other)
    {
        var latitude = Math.Sin(double.DegreesToRadians(other.Latitude - Latitude) / 2);
        var longitude = Math.Sin(double.DegreesToRadians(other.Longitude - Longitude) / 2);
        var squared = (latitude * latitude) + (longitude * longitude
            * Math.Cos(double.DegreesToRadians(Latitude)) * Math.Cos(double.DegreesToRadians(other.Latitude)));
        return 2 * EarthRadius * Math.Asin(Math.Min(1, Math.Sqrt(squared)));
    }
}
