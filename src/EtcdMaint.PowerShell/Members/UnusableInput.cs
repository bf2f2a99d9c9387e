using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// An object from the pipeline that is not a member and contains none. PowerShell would report an error for each such
/// object, without the reason.
/// </summary>
internal sealed record UnusableInput(PSObject Value) : IEtcdMemberRecord
{
    /// <summary>The type of the object, for messages.</summary>
    public string TypeName => PlainText.Of(Value.TypeNames.FirstOrDefault() ?? Value.BaseObject.GetType().Name);

    public string ClusterName => "";

    public string ClusterId => "";

    public string MemberId => "";

    public string MemberName => "";

    public EtcdMember? Member => null;
}
