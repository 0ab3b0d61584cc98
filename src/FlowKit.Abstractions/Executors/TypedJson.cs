using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace FlowKit;

/// <summary>
/// Options of the serializer that remember nothing of classes that may unload: what they learn of such a class stays with the class, since
/// options that every class shares would hold it for ever.
/// </summary>
/// <param name="usual">For all other classes.</param>
internal sealed class TypedJson(JsonSerializerOptions usual)
{
    private readonly ConditionalWeakTable<Type, JsonSerializerOptions> _own = [];

    public JsonSerializerOptions For(Type type) => type.IsCollectible ? _own.GetValue(type, Copy) : usual;

    private JsonSerializerOptions Copy(Type type) => new(usual) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
}
