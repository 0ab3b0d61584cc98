using System.Net;

namespace FlowKit.Imaging.Uris;

/// <summary>
/// The addresses of the public internet: what is not loopback, private, link-local, shared, multicast or reserved (RFC 6890).
/// </summary>
internal static class PublicAddresses
{
    private static readonly IPNetwork[] s_special =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"), IPNetwork
            .Parse("172.16.0.0/12"), IPNetwork
            .Parse("192.0.0.0/24"), IPNetwork
            .Parse("192.0.2.0/24"),
        IPNetwork.Parse("192.168.0.0/16"), IPNetwork
            .Parse("198.18.0.0/15"), IPNetwork
            .Parse("198.51.100.0/24"), IPNetwork
            .Parse("203.0.113.0/24"),
        IPNetwork.Parse("224.0.0.0/3"), IPNetwork
            .Parse("::/127"), IPNetwork
            .Parse("64:ff9b::/96"), IPNetwork
            .Parse("64:ff9b:1::/48"), IPNetwork
            .Parse("100::/64"),
        IPNetwork.Parse("2001::/23"), IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("2002::/16"), IPNetwork.Parse("fc00::/7"),
        IPNetwork.Parse("fe80::/10"), IPNetwork.Parse("fec0::/10"), IPNetwork.Parse("ff00::/8"),
    ];

    public static bool Contains(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return !Array.Exists(s_special, network => network.BaseAddress.AddressFamily == plain.AddressFamily && network.Contains(plain));
    }
}
