using System.Text;
using FlowKit.Imaging.Uris;

namespace FlowKit.Fuzz.Targets;

/// <summary>Data URIs; the bytes that come out, written as base64, come out again.</summary>
internal sealed class DataUriTarget : FuzzTarget
{
    public override string Name => "datauri";

    public override IReadOnlyList<byte[]> Tokens { get; } = Split("data: ;base64 , % %00 %ff %2B = == ; charset=utf-8 image/png - _ + /");

    public override IEnumerable<Seed> Seeds() =>
    [
        new("base64", "data:image/png;base64,AAEC/+8="),
        new("url-safe", "data:;base64,AAEC_-8"),
        new("percent", "data:text/plain;charset=utf-8,red%20apple%C3%A9é"),
        new("escaped-base64", "data:;base64,AAEC%2F%2B8%3D"),
        new("empty", "data:,"),
        new("upper", "DATA:;BASE64,QQ=="),
        new("no-comma", "data:image/png;base64"),
        new("blanks", "data:;base64,AA EC\n/+8="),
    ];

    public override void Run(byte[] input)
    {
        try
        {
            var bytes = DataUri.Read(Encoding.UTF8.GetString(input));
            RoundTrip.Check(bytes, DataUri.Read($"data:;base64,{Convert.ToBase64String(bytes)}"));
        }
        catch (FormatException)
        {
        }
    }
}
