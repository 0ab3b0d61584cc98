using System.Globalization;

namespace FlowKit;

/// <summary>Dates and times as ISO 8601 writes them; without an offset they are UTC's.</summary>
internal static class Moment
{
    /// <summary>Reads a date, or a date and a time.</summary>
    public static bool TryParse(string text, out DateTimeOffset moment)
    {
        moment = default;
        return text.Length >= 10 && text[4] == '-' && text[7] == '-' && DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowTrailingWhite, out moment);
    }
}
