using EtcdMaint.Engine.Wire;
using EtcdMaint.Simulation.Server;
using EtcdMaint.Simulation.State;

namespace EtcdMaint.Simulation.Calls;

/// <summary>Auth is not enabled in the simulation. Roles exist nevertheless, and serve as locks.</summary>
internal static class AuthCalls
{
    public static AuthenticateResponse Authenticate() => throw GrpcException.AuthNotEnabled();

    public static AuthRoleListResponse ListRoles(SimulatedMember member)
    {
        member.Cluster.Propose();
        var response = new AuthRoleListResponse { Header = member.Cluster.Header(member) };
        response.Roles.AddRange(member.Cluster.Roles);
        return response;
    }

    public static AuthRoleAddResponse AddRole(SimulatedMember member, AuthRoleAddRequest request)
    {
        member.Cluster.Propose();
        return member.Cluster.Roles.Add(request.Name)
            ? new AuthRoleAddResponse { Header = member.Cluster.Header(member) }
            : throw GrpcException.RoleExists();
    }

    public static AuthRoleDeleteResponse DeleteRole(SimulatedMember member, AuthRoleDeleteRequest request)
    {
        member.Cluster.Propose();
        return member.Cluster.Roles.Remove(request.Role)
            ? new AuthRoleDeleteResponse { Header = member.Cluster.Header(member) }
            : throw GrpcException.RoleNotFound();
    }
}
