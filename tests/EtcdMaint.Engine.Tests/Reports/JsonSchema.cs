using System.Text.Json;

namespace EtcdMaint.Engine.Tests.Reports;

/// <summary>
/// The part of JSON Schema that docs/report-schema.json uses; an unknown keyword is an error, because it would not be
/// checked.
/// </summary>
internal sealed class JsonSchema(JsonElement root)
{
    private readonly List<string> _troubles = [];

    /// <summary>Returns every deviation of the document from the schema.</summary>
    public static IReadOnlyList<string> Check(JsonElement schema, JsonElement document)
    {
        var check = new JsonSchema(schema);
        check.Check(schema, document, "$");
        return check._troubles;
    }

    private void Check(JsonElement schema, JsonElement value, string path)
    {
        // The other keywords apply only to a value of the right type.
        if (schema.TryGetProperty("type", out JsonElement type) && !Types(type).Contains(TypeOf(value)))
        {
            Expect(false, path, $"is {TypeOf(value)}, not {type}");
            return;
        }
        foreach (JsonProperty keyword in schema.EnumerateObject())
            Check(keyword, schema, value, path);
    }

    private void Check(JsonProperty keyword, JsonElement schema, JsonElement value, string path)
    {
        switch (keyword.Name)
        {
            case "$schema" or "$id" or "$defs" or "title" or "description" or "additionalProperties" or "type":
                break;
            case "$ref":
                Check(
                    root.GetProperty("$defs").GetProperty(keyword.Value.GetString()!["#/$defs/".Length..]),
                    value,
                    path
                );
                break;
            case "enum":
                Expect(
                    keyword.Value.EnumerateArray().Any(e => e.GetString() == value.GetString()),
                    path,
                    $"'{value}' is none of {keyword.Value}"
                );
                break;
            case "const":
                Expect(keyword.Value.GetRawText() == value.GetRawText(), path, $"'{value}' is not {keyword.Value}");
                break;
            case "format":
                Expect(
                    value.ValueKind is JsonValueKind.Null || value.TryGetDateTimeOffset(out _),
                    path,
                    $"'{value}' is no date-time"
                );
                break;
            case "required":
                foreach (JsonElement name in keyword.Value.EnumerateArray())
                    Expect(value.TryGetProperty(name.GetString()!, out _), path, $"lacks {name}");
                break;
            case "properties":
                CheckProperties(keyword.Value, value, path);
                break;
            case "items" when value.ValueKind is JsonValueKind.Null:
                break;
            case "items":
                foreach ((int i, JsonElement item) in value.EnumerateArray().Index())
                    Check(keyword.Value, item, $"{path}[{i}]");
                break;
            case "oneOf":
                Expect(
                    keyword.Value.EnumerateArray().Count(one => Check(root, one, value)) == 1,
                    path,
                    "is not one of its kinds"
                );
                break;
            default:
                throw new NotSupportedException($"{keyword.Name} at {path} of {schema}");
        }
    }

    /// <summary>Only properties that the schema names may be written: users may rely on every property.</summary>
    private void CheckProperties(JsonElement properties, JsonElement value, string path)
    {
        foreach (JsonProperty property in value.EnumerateObject())
        {
            if (properties.TryGetProperty(property.Name, out JsonElement schema))
                Check(schema, property.Value, $"{path}.{property.Name}");
            else
                Expect(false, $"{path}.{property.Name}", "is not in the schema");
        }
    }

    private static bool Check(JsonElement root, JsonElement schema, JsonElement value)
    {
        var check = new JsonSchema(root);
        check.Check(schema, value, "$");
        return check._troubles.Count == 0;
    }

    private void Expect(bool isRight, string path, string what)
    {
        if (!isRight)
            _troubles.Add($"{path} {what}");
    }

    private static IEnumerable<string> Types(JsonElement type)
    {
        string[] named =
            type.ValueKind is JsonValueKind.Array
                ? [.. type.EnumerateArray().Select(t => t.GetString()!)]
                : [type.GetString()!];
        return named.Contains("number") ? [.. named, "integer"] : named;
    }

    private static string TypeOf(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Number => value.TryGetInt64(out _) ? "integer" : "number",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            var kind => kind.ToString().ToLowerInvariant(),
        };
}
